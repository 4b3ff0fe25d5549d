;;; prefect.el --- prefect.yaml with prefect-lsp and Eglot  -*- lexical-binding: t -*-

;; Emacs 28 with Eglot from ELPA, or Emacs 29 and later as they come:
;;
;;   (load "/path/to/prefect.el")
;;   (add-hook 'prefect-yaml-mode-hook #'eglot-ensure)
;;
;; M-. on an alias, a step's output or an entrypoint, M-? for references, M-x eglot-rename, M-x eglot-code-actions, C-M-i to complete.

(require 'eglot)

(defvar prefect-lsp-command '("prefect-lsp")
  "The language server and its arguments; (\"prefectc\" \"lsp\") is the same server.")

;; A mode of its own: Eglot knows servers by mode, and other YAML files keep theirs.
(cond ((fboundp 'yaml-mode)
       (define-derived-mode prefect-yaml-mode yaml-mode "Prefect"))
      ((and (fboundp 'yaml-ts-mode) (fboundp 'treesit-ready-p) (treesit-ready-p 'yaml t))
       (define-derived-mode prefect-yaml-mode yaml-ts-mode "Prefect"))
      (t
       (define-derived-mode prefect-yaml-mode text-mode "Prefect"
         (setq-local comment-start "# " comment-start-skip "#+ *" indent-tabs-mode nil tab-width 2))))

(add-to-list 'auto-mode-alist '("/prefect[^/]*\\.ya?ml\\'" . prefect-yaml-mode))

(add-to-list 'eglot-server-programs
             (cons '(prefect-yaml-mode :language-id "yaml") (lambda (&rest _) prefect-lsp-command)))

(provide 'prefect)
;;; prefect.el ends here

-- prefect.yaml with prefect-lsp in Neovim, from 0.7 on: no plugin is needed.
--   dofile("/path/to/prefect.lua")              -- in init.lua, or put the file into ~/.config/nvim/plugin/
--   vim.g.prefect_lsp = { "prefectc", "lsp" }   -- another command, set before; the default is { "prefect-lsp" }
-- Python files are given to the server too, so that an edit of a flow shows at its deployments before it is saved. Everything else is
-- Neovim's own: vim.lsp.buf.hover(), .rename(), .code_action(), .references(), vim.lsp.codelens.refresh(), omnifunc.
local command = vim.g.prefect_lsp or { "prefect-lsp" }
local client -- one server for all projects; each prefect file finds its own flows

local function folder(file)
  local found = vim.fn.finddir(".git", vim.fn.fnamemodify(file, ":p:h") .. ";")
  return found ~= "" and vim.fn.fnamemodify(found, ":p:h:h") or vim.fn.fnamemodify(file, ":p:h")
end

local function attach(args)
  local file = args.file ~= "" and args.file or args.match
  if not client or not vim.lsp.get_client_by_id(client) then
    if vim.fn.fnamemodify(file, ":e") == "py" then
      return -- a Python file alone needs no server
    end
    local root = folder(file)
    client = vim.lsp.start_client({
      name = "prefect",
      cmd = command,
      root_dir = root,
      workspace_folders = { { name = vim.fn.fnamemodify(root, ":t"), uri = vim.uri_from_fname(root) } },
    })
    if not client then
      return
    end
    for _, buffer in ipairs(vim.api.nvim_list_bufs()) do -- Python files that were open before
      if vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].filetype == "python" then
        vim.lsp.buf_attach_client(buffer, client)
      end
    end
  end
  vim.lsp.buf_attach_client(args.buf, client)
  if vim.fn.fnamemodify(file, ":e") ~= "py" then
    vim.bo[args.buf].omnifunc = "v:lua.vim.lsp.omnifunc"
  end
end

vim.api.nvim_create_autocmd({ "BufReadPost", "BufNewFile" }, { pattern = { "prefect*.yaml", "prefect*.yml", "*.py" }, callback = attach })

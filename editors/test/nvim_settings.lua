-- Opens CASE_FILE in a Neovim that is set up by ../neovim/prefect.lua, waits for its diagnostics, and prints them as JSON.
vim.g.prefect_lsp = { os.getenv("PREFECT_LSP") }
vim.cmd("filetype on")
dofile(os.getenv("CASE_SETTINGS"))
vim.cmd("edit " .. vim.fn.fnameescape(os.getenv("CASE_PYTHON")))
vim.cmd("edit " .. vim.fn.fnameescape(os.getenv("CASE_FILE")))
local buffer = vim.api.nvim_get_current_buf()
local function clients(b) return vim.tbl_count(vim.lsp.buf_get_clients(b)) end
vim.wait(60000, function() return #vim.diagnostic.get(buffer) > 0 end, 20)
local found = {}
for _, d in ipairs(vim.diagnostic.get(buffer)) do
  table.insert(found, d.message)
end
io.stdout:write(vim.fn.json_encode({ diagnostics = found, yaml = clients(buffer), python = clients(vim.fn.bufnr(os.getenv("CASE_PYTHON"))), omnifunc = vim.bo.omnifunc }) .. "\n")
vim.cmd("qa!")

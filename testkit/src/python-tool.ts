export { ensureDocumentClientPython, ensurePythonTool } from '../../scripts/lib/python-tools.mjs';

export { ensurePythonTool } from '../../scripts/lib/python-tools.mjs';

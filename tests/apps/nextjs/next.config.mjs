// Test processes that run side by side build into folders of their own.
export default { distDir: `.next/${process.env.PYTEST_XDIST_WORKER ?? 'alone'}` };

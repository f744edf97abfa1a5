// Probot with a handler that does nothing. PROBOT names its entry file: it lies outside of the tree.
const { run } = await import(process.env.PROBOT);

await run((app) => {
  app.on(["workflow_run", "issue_comment"], async () => {});
});

"""What selfheal knows of GitHub Actions: the job that it runs in, its failed step, and how to tell what came of it."""

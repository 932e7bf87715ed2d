"""The returns a charity owes its funders: what they say, and the checks they must pass first."""

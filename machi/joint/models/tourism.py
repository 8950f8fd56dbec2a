"""Joint tourism: spots, routes, shareable plans, requests: what is stored."""

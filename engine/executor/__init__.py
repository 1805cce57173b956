"""Reading hosts and walking plans: order, concurrency, preconditions, retries, lease, cancel."""

"""Jobs: work that no request waits for and that must be done, kept as rows until it is.

`queue.enqueue` adds a job within the transaction of the change that it belongs to, so there is a job
exactly if there is the change. A worker takes one due job at a time and holds a lease on it; a lease
that runs out (kill -9, a hang, a host that is gone) lets another worker take the job.

A job is run at least once, never exactly once: a process can be killed after the work and before the
row says so. Handlers are therefore idempotent: run again, they find what is done already and go on
with the rest. They work in pieces, each with a short transaction, and call `Lease.renew` in between.

A `key` makes one job of several of a kind: while a job with this key waits, enqueueing it again gives it the
newest arguments; while it runs, it runs once more afterwards, since it may have read what has
changed meanwhile; after it failed for good, it gets new attempts. Once finished, its key is free.

Attempts are counted when a job is taken, so one that kills its process ends too. After a failure the
next attempt waits, twice as long each time; after the last one the job is `failed` and kept with its error.
Kinds and arguments that this code does not know are left for a newer process.
"""

"""Faults put into a collection, and what became of it.

`steps` counts what an operation asks of the disk and makes one step fail; `vfs` and `files` are
where SQLite and Python ask. `operations` says what is done and what must be there afterwards,
`answers` tests it, `trials` does one operation with one fault in a process of its own. On these
stand `failpoints`, `kills`, `power`, `damage`, `races` and `machine`: one kind of fault each.

The tests here are samples; `python -m bench faults` runs the full counts.
"""

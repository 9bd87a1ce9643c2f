"""Own data: files that somebody brings along, what is understood of them, and the data set that becomes of them.

`reading` is the way in: `understand` says what was found in the files and asks nothing, `build` makes the arrays of a
data set by the choices of whoever looked at that. Both read hostile files as calmly as others: within `limits`, in a
process apart (`apart`). What to keep of it is for `core.storage` to say.
"""

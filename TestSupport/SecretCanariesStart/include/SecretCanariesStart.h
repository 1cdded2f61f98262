/// Has nothing to call: being linked is enough.

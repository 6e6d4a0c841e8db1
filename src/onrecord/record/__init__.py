"""The fourteen ideas, the log and the rules over them, in pure Python: nothing here reads or writes a file."""

"""What other tools hand over: recognised, checked, and carried over, with a line for everything that is not.

One file a neighbour. A neighbour only plans: nothing here but `carrying` writes, and nothing is fetched.
"""

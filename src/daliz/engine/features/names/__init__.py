"""The declarations of the built-in names, one module for each kind of thing they speak of.

A label of a number, text or date is a noun phrase ("net mass of the item"); a label of a flag is a
clause that is true or not ("the trader is new to this office"), so that both read well in a sentence.
"""

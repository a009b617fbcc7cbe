"""Access for those who are not there yet: who may come in, where, when and how often.

`giving` begins and ends a grant, `passing` decides when somebody presents one,
`lists` says what each device that checks by itself should hold.
"""

"""The hours of a practice: which mode is due, and when that changes.

`config` is what was set up, `state` what is remembered, `timetable` the arithmetic, and
`course` what it all means for the practice as time goes by.
"""

"""What a person says is there: a store of its own, beside the record of what was observed. Neither ever overwrites the other.

store       the file, and the form of its rows            importing   a CSV of any register (GMAO, NetBox, a spreadsheet) -> rows
drift       declared and observed, compared               names       what the site calls its points
    lists       EDE files, register maps, ETS -> names          ets         a project of ETS -> group addresses
    datapoints  what bytes of KNX telegrams mean
baseline    what a person accepted as usual               keeping     how each file is read and written
"""

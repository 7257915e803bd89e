"""What people and programs read: rows of `otwatch.results` as text in French and English, as tables, CSV and JSON.

wording    the catalogues words/{en,fr}.toml             voice     how to say it: language, time zone, names of zones
visible    the last guard of device text                 layout    text blocks and grids; the only door to rich
tables     one declared view -> grid, plain text, CSV    views     the views: assets, conversations, zones, alerts
summary/   the text of a replay                          explain   the text of one finding
mirror     how well the network was heard            doctor    the same in words
eve        findings as lines for a SOC               news      what else is new, as such lines
appending  lines at the end of a file that is rotated
passages   what one zone begins with another         evidence   what a finding rests on, as pairs of texts
page/      the page: one template, a file or served  report/    what is handed to others: PDF, tables, packs, pseudonyms
incident   a draft of a declaration
compliance where findings help to comply             alert_record   findings under the names of the catalogue (A.7)
documents  everything as JSON                        metrics    for Prometheus: the table; measured: its values
"""

"""What people decide about findings, kept beside the record: a replay writes its record anew, a sensor has it for itself.

chain      lines that prove each other                 log        decisions as such lines; the only store there is
standing   which decision covers which finding         deciding   what a person may decide, and until when
rows       decisions as rows of tables             refusals   why one is refused, in both languages

Nothing here changes what is recorded: whoever reads a record joins the decisions to its findings.
"""

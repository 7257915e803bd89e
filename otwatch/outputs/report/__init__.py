"""What is handed to others: on paper, as tables, as a folder that proves itself, with names or without.

audit     the manifest of a pack, and its check    tables     the tables that every form hands over
paper     the page as PDF, by typst                register   security levels, requirement by requirement
redaction pseudonyms in the place of names         fields     which fields name somebody
"""

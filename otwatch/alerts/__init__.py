"""What is wrong: detections declared as data, judged, folded and put into words.

    model        what a detection is, and what it may ask the site
    detections/  all of them, declared in full
    known        what a site knows, in the form in which detections are told
    tracks       sliding counters in packet time; `windows` are all of them, `thresholds` say from when on they cross
    counting     what goes into which; `questions` of who explores, `strain` of who presses, `groups` are addresses that mean many
    judge        items meet detections
    usual, views  what may be asked of the baseline; zones and verdicts as detections see them
    credentials  is a login's secret a default one
    repeats      the same finding again is one alert with a count
    incidents    findings of one act are one
    severity     how serious for care, with the sum that led there
    evidence, texts, attack, rows   frames and filters, sentences, ATT&CK ids, rows of the record
"""

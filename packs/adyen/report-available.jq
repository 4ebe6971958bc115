# REPORT_AVAILABLE of a settlement details report: the report is asked for, and tells all.

live(.live == "true" or .live == true; $options.test_mode) | empty

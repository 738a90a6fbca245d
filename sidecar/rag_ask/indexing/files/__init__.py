"""Files: the bytes of a PDF, Word or Excel file -> HTML that `clean` reads. Runs in the process of `sandbox` only."""

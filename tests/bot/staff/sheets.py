"""What a spreadsheet would take for a formula."""

import csv
import io

BAD = [
    "=cmd|' /C calc'!A0",
    "+1-844",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    ' "=1+1"',
    "'=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\x00=1+1",
    "＝1+1",
    'fine";=HYPERLINK("http://evil.example","x")',
    "fine\n=1+1",
    "fine,@SUM(1)",
    "fine\t-1",
]


def formulas(text: str) -> list[str]:
    """The cells of a file that begin a formula, whichever separator the spreadsheet splits it at."""
    read = (csv.reader(io.StringIO(text, newline=""), delimiter=separator) for separator in ",;\t")
    cells = (cell for lines in read for line in lines for cell in line)
    return [cell for cell in cells if cell.lstrip('"\u200b\ufeff\x00 ').startswith(tuple("=+-@\t\r＝"))]

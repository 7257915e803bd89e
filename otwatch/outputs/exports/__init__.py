"""The inventory for other programs: files made from a record, the same record always giving the same bytes.

    rows        the record as it is asked for           ids        one id an asset, the same in every export
    sheets      CSV and XLSX                            netbox     files for NetBox's bulk import
    cyclonedx   hardware and firmware (CycloneDX 1.6)   graphml    assets and who talks to whom, for yEd, Gephi, networkx

Text of devices passes `visible` on its way out, cells `inert` too; a property test holds this over all of them.
"""

from collections.abc import Callable

from otwatch.outputs.exports import cyclonedx, document, graphml, netbox, sheets
from otwatch.outputs.exports.ids import Inventory
from otwatch.outputs.voice import Voice

Files = dict[str, bytes]
"""Contents by file name."""

EXPORTS: dict[str, Callable[[Inventory, Voice], Files]] = {
    "csv": sheets.as_csv_files,
    "xlsx": sheets.as_workbook,
    "json": document.as_json,
    "netbox": netbox.as_files,
    "cyclonedx": cyclonedx.as_bom,
    "graphml": graphml.as_graph,
}

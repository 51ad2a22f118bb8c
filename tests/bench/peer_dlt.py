"""dlt's side of the peer benchmark; runs in a virtual environment of its own.

``python peer_dlt.py ADDRESS CREDENTIALS FORM``: pulls every case twice into PostgreSQL
by the ``rest_api`` source with merge disposition, and prints seconds and rows as JSON.
FORM is ``default`` (delete and insert) or ``csv`` (upsert, CSV load files: the best
setting found).
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from typing import Any

import dlt
from dlt.sources.rest_api import rest_api_source


def source(address: str, form: str) -> Any:
    """The paged cases, merged by the case's number."""
    merge: Any = {"disposition": "merge"}
    if form == "csv":
        merge["strategy"] = "upsert"
    return rest_api_source(
        {
            "client": {
                "base_url": address,
                "paginator": {
                    "type": "page_number",
                    "base_page": 0,
                    "page_param": "page",
                    "total_path": "total",
                },
            },
            "resources": [
                {
                    "name": "cases",
                    "primary_key": "AJBH",
                    "write_disposition": merge,
                    "endpoint": {"path": "cases", "data_selector": "rows"},
                }
            ],
        }
    )


def main(address: str, credentials: str, form: str) -> dict[str, Any]:
    """Both pulls, in seconds, and how many rows each table has."""
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline(
            f"peer_{form}",
            pipelines_dir=folder,
            destination=dlt.destinations.postgres(credentials=json.loads(credentials)),
            dataset_name=f"peer_{form}",
        )
        took = []
        for _ in range(2):
            began = time.perf_counter()
            how = {"loader_file_format": "csv"} if form == "csv" else {}
            pipeline.run(source(address, form), **how)
            took.append(time.perf_counter() - began)
        rows = {}
        with pipeline.sql_client() as client:
            for table in pipeline.default_schema.data_table_names():
                found = client.execute_sql(f"select count(*) from {table}")  # noqa: S608
                rows[table] = found[0][0]
    return {"version": dlt.__version__, "seconds": took, "rows": rows}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:4])))

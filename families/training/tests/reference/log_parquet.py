"""Writes log.parquet and log_zstd.parquet: a log of four updates as pandas and Polars write it.

Needs pyarrow: `python log_parquet.py FOLDER`. The first is compressed by snappy, the second by zstd in
two row groups.
"""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

TABLE = pa.table(
    {
        "global_step": pa.array([0, 10, 20, 30], pa.int64()),
        "grad_norm": pa.array([4.0, 2.0, 1.5, 0.25], pa.float64()),
        "loss": pa.array([2.5, None, 1.25, 1.0], pa.float32()),
        "phase": pa.array(["warm", "warm", "main", "main"]),
    }
)

folder = Path(sys.argv[1])
pq.write_table(TABLE, folder / "log.parquet", compression="snappy")
pq.write_table(TABLE, folder / "log_zstd.parquet", compression="zstd", row_group_size=2)

# SPDX-License-Identifier: Apache-2.0
"""The two public books of domain.md §13 as shelves of API records. The data stays outside the repository:
SWEETSPOT_DATA names its folder, by default ../shared/data beside the checkout."""
from __future__ import annotations

import csv
import os
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
CENT = Decimal("0.01")
STAGES = {"Engaging": "open", "Prospecting": "open", "Won": "won", "Lost": "lost"}

Shelf = dict[str, Any]


class DataAbsent(Exception):
    """The public data is not here; the caller skips loudly."""


def data_folder() -> Path:
    """Where the public books lie."""
    return Path(os.environ.get("SWEETSPOT_DATA") or REPOSITORY.parent / "shared" / "data")


def crm_sales() -> Shelf:
    """85 accounts and their pipeline: revenue from won deals."""
    sellers = [{"id": row["sales_agent"], "name": row["sales_agent"], "region": row["regional_office"]}
               for row in _rows("crm-sales", "sales_teams")]
    accounts = [{"id": row["account"], "name": row["account"], "industry": row["sector"],
                 "employees": int(row["employees"])} for row in _rows("crm-sales", "accounts")]
    prices = {row["product"]: row["sales_price"] for row in _rows("crm-sales", "products")}
    deals = [_pipeline_deal(row, prices) for row in _rows("crm-sales", "sales_pipeline")]
    return {"currency": "USD", "minor_digits": 2, "today": "2017-12-31", "policy": {"today": "2017-12-31"},
            "records": {"sellers": sellers, "accounts": accounts, "deals": deals}}


def northwind() -> Shelf:
    """89 accounts, 2 prospects and their order lines: revenue entries."""
    orders = {row["orderID"]: row for row in _rows("northwind", "orders")}
    buyers = {row["customerID"] for row in orders.values()}
    customers = [{"id": row["customerID"], "name": row["companyName"]}
                 for row in _rows("northwind", "customers")]
    categories = {row["categoryID"]: row["categoryName"] for row in _rows("northwind", "categories")}
    lines = {row["productID"]: categories[row["categoryID"]] for row in _rows("northwind", "products")}
    revenue = [_order_line(row, orders[row["orderID"]], lines) for row in _rows("northwind", "order_details")]
    return {"currency": "USD", "minor_digits": 2, "today": "1998-05-06", "policy": {"today": "1998-05-06"},
            "records": {"accounts": [customer for customer in customers if customer["id"] in buyers],
                        "prospects": [customer for customer in customers if customer["id"] not in buyers],
                        "revenue": revenue}}


def _rows(book: str, name: str) -> list[dict[str, str]]:
    path = data_folder() / book / f"{name}.csv"
    if not path.is_file():
        raise DataAbsent(f"{path} is absent; set SWEETSPOT_DATA to the folder with the public books")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _pipeline_deal(row: dict[str, str], prices: dict[str, str]) -> dict[str, Any]:
    """The amount is close_value when won, else the product's price."""
    line = "GTX Pro" if row["product"] == "GTXPro" else row["product"]
    stage = STAGES[row["deal_stage"]]
    return {"id": row["opportunity_id"], "organisation": row["account"] or None, "seller": row["sales_agent"],
            "amount": row["close_value"] if stage == "won" else prices[line], "stage": stage,
            "opened_on": row["engage_date"] or None, "closed_on": row["close_date"] or None, "line": line}


def _order_line(row: dict[str, str], order: dict[str, str], lines: dict[str, str]) -> dict[str, Any]:
    """unitPrice × quantity × (1 − discount), rounded half up to cents."""
    amount = Decimal(row["unitPrice"]) * int(row["quantity"]) * (1 - Decimal(row["discount"]))
    return {"id": f"{row['orderID']}-{row['productID']}", "organisation": order["customerID"],
            "amount": str(amount.quantize(CENT, ROUND_HALF_UP)), "on": order["orderDate"][:10],
            "line": lines[row["productID"]]}

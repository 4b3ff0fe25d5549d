#!/usr/bin/env python3
"""Ask Prefect 3's own model of prefect.yaml what it says of each line of documents.txt; writes verdicts.txt.

Run it with the Python of an environment that has Prefect 3.8.8, after "go test -run TestModelVerdicts -update ./schema".
"""

from pathlib import Path

import yaml
from prefect.cli.deploy._config import _format_validation_error
from prefect.cli.deploy._models import PrefectYamlModel
from pydantic import ValidationError

HERE = Path(__file__).parent


def verdict(text: str) -> str:
    try:
        raw = yaml.safe_load(text)
    except Exception:
        return "unreadable"
    if not isinstance(raw, dict):
        return "no mapping"
    try:
        model = PrefectYamlModel.model_validate(raw)
    except ValidationError as exc:
        try:
            _format_validation_error(exc, raw)
        except Exception:
            return "rejects"  # crashes while it says so
        return "rejects"
    for deployment in model.deployments:
        deployment.model_dump(exclude_unset=True, mode="json")
    return "accepts"


lines = (HERE / "documents.txt").read_text().splitlines()
(HERE / "verdicts.txt").write_text("".join(f"{verdict(line)}\t{line}\n" for line in lines))

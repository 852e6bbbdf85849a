"""What the OpenAPI schema says about accounts."""

import json

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema():
    r = Client().get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    return json.loads(r.content)


def test_it_works(schema):
    assert schema["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    signup = schema["paths"]["/api/v1/accounts/"]["post"]
    assert set(signup["responses"]) >= {"201", "400"}
    assert {"bearer": []} in schema["paths"]["/api/v1/accounts/me/"]["get"]["security"]


def test_errors_have_one_shape(schema):
    properties = schema["components"]["schemas"]["Error"]["properties"]
    assert list(properties) == ["code", "detail", "fields"]


def test_password_never_comes_back(schema):
    for name, component in schema["components"]["schemas"].items():
        if not name.endswith("Request"):
            assert "password" not in component.get("properties", {}), name

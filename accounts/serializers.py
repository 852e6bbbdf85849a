"""The JSON of accounts and tokens."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import get_language
from rest_framework import serializers

from accounts.models import User, validate_time_zone


class ErrorSerializer(serializers.Serializer):
    """What every error of the API looks like."""

    code = serializers.CharField()
    detail = serializers.CharField()
    fields = serializers.DictField(  # type: ignore[assignment] # the word of the contract
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


class ProfileSerializer(serializers.Serializer):
    """A person, as they see themselves; for a change all but the address may be sent."""

    email = serializers.EmailField(read_only=True)
    timezone = serializers.CharField(
        source="time_zone", max_length=64, validators=[validate_time_zone]
    )
    language = serializers.ChoiceField(choices=User.Language.choices)
    week_start = serializers.ChoiceField(choices=User.WeekStart.choices)
    delete_photos = serializers.BooleanField()
    reminder_hour = serializers.IntegerField(min_value=0, max_value=23, allow_null=True)
    consent_face = serializers.BooleanField(source="consents_to_faces")


class SignupSerializer(serializers.Serializer):
    """Who signs up by the API."""

    email = serializers.EmailField(max_length=254)
    # Bounded, since the validators compare long texts slowly.
    password = serializers.CharField(max_length=256, trim_whitespace=False, write_only=True)
    timezone = serializers.CharField(
        max_length=64, validators=[validate_time_zone], default=settings.TIME_ZONE
    )
    language = serializers.ChoiceField(choices=User.Language.choices, required=False)
    consent_face = serializers.BooleanField(default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold the password against the validators, which also compare it with the address."""
        attrs.setdefault("language", get_language())
        try:
            validate_password(attrs["password"], User(email=attrs["email"]))
        except DjangoValidationError as error:
            raise serializers.ValidationError({"password": error.messages}) from error
        return attrs


class CredentialsSerializer(serializers.Serializer):
    """Who asks for a token."""

    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=256, trim_whitespace=False, write_only=True)
    label = serializers.CharField(  # type: ignore[assignment] # as on the settings page
        max_length=80, allow_blank=True, default=""
    )


class TokenSerializer(serializers.Serializer):
    """A fresh token; its secret is shown this once."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()

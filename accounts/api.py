"""Accounts and tokens over the API."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import has_verified_email
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, ErrorDetail, Throttled, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.people import signed_in
from accounts.serializers import (
    CredentialsSerializer,
    ErrorSerializer,
    ProfileSerializer,
    SignupSerializer,
    TokenSerializer,
)
from accounts.services import (
    EmailTakenError,
    account_create,
    consent_give,
    consent_withdraw,
    preferences_update,
    reminder_set,
    token_issue,
)

Verification = app_settings.EmailVerificationMethod


class CredentialsWrong(APIException):
    """The same answer for a wrong password and for an address that nobody has."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "credentials"


class EmailUnverified(APIException):
    """Where addresses must be confirmed, nobody gets in before."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "email_unverified"


class AccountCreateView(APIView):
    """Signing up."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "signup"

    @extend_schema(
        operation_id="account_create",
        tags=["accounts"],
        request=SignupSerializer,
        responses={201: ProfileSerializer, 400: ErrorSerializer, 429: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Create an account. `consent_face` lets a machine read the face in your photographs."""
        serializer = SignupSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        try:
            user = account_create(
                email=data["email"],
                password=data["password"],
                time_zone=data["timezone"],
                language=data["language"],
                consent_face=data["consent_face"],
            )
        except EmailTakenError as error:
            # It tells that the address has an account, as the sign-up page does: without it a
            # program could not say why it failed. The throttle keeps lists of addresses out.
            message = get_adapter().error_messages["email_taken"]
            raise ValidationError(
                {"email": [ErrorDetail(str(message), code="email_taken")]}
            ) from error
        if app_settings.EMAIL_VERIFICATION != Verification.NONE:
            address = EmailAddress.objects.get(user=user)
            address.send_confirmation(request._request, signup=True)
        return Response(ProfileSerializer(user).data, status=status.HTTP_201_CREATED)


class TokenView(APIView):
    """Signing in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "token"

    @extend_schema(
        operation_id="token_create",
        tags=["accounts"],
        request=CredentialsSerializer,
        responses={200: TokenSerializer, 400: ErrorSerializer, 429: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Get a token for `Authorization: Bearer ...`. A new password ends all tokens."""
        serializer = CredentialsSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        email = data["email"].strip().lower()
        user = _authenticate(request._request, email, data["password"])
        if user is None:
            raise CredentialsWrong(_("이메일이나 비밀번호가 맞지 않아요."))
        if app_settings.EMAIL_VERIFICATION == Verification.MANDATORY and not has_verified_email(
            user, email
        ):
            raise EmailUnverified(_("받은 메일에서 이메일을 먼저 확인해 주세요."))
        token, secret = token_issue(owner=user, label=data["label"])
        return Response(TokenSerializer({"token": secret, "expires_at": token.expires_at}).data)


def _authenticate(request: HttpRequest, email: str, password: str) -> User | None:
    """Return who this is; wrong attempts count with those of the login page.

    allauth runs the hasher for unknown addresses too, so that time tells nothing.
    """
    try:
        user = get_adapter(request).authenticate(request, email=email, password=password)
    except DjangoValidationError as error:
        raise Throttled(detail=error.messages[0]) from error
    return user if user is not None and user.is_active else None


class AccountMeView(APIView):
    """One's own account."""

    throttle_scope = "read"

    def consent_withdraw(self, user: User) -> None:
        """End the consent; who knows of work that goes on without it stops that too."""
        consent_withdraw(user=user)

    @extend_schema(
        operation_id="account_me",
        tags=["accounts"],
        responses={200: ProfileSerializer, 401: ErrorSerializer, 429: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        """Show the profile."""
        return Response(ProfileSerializer(request.user).data)

    @extend_schema(
        operation_id="account_me_update",
        tags=["accounts"],
        request=ProfileSerializer,
        responses={
            200: ProfileSerializer,
            400: ErrorSerializer,
            401: ErrorSerializer,
            429: ErrorSerializer,
        },
    )
    def patch(self, request: Request) -> Response:
        """Change the preferences or the consent to face analysis.

        `delete_photos` lets each photograph go once it has been read; those kept so far stay.
        `reminder_hour` is of the person's own clock, null for no reminder.
        """
        serializer = ProfileSerializer(data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        data, user = serializer.validated_data, signed_in(request)
        consent = data.pop("consents_to_faces", None)
        hour = data.pop("reminder_hour", user.reminder_hour)
        preferences_update(user=user, **data)
        # After the time zone, whose hour it is.
        reminder_set(user=user, hour=hour)
        if consent:
            consent_give(user=user)
        elif consent is not None:
            self.consent_withdraw(user)
        return Response(ProfileSerializer(user).data)

"""How allauth behaves here: its words, its mails, and what a new password ends."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import tokens_revoke

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """allauth, in our words and in the person's language."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("지금은 쓸 수 없는 계정이에요."),
        "cannot_remove_primary_email": _("로그인하는 이메일은 지울 수 없어요."),
        "duplicate_email": _("이미 이 계정에 있는 이메일이에요."),
        "email_password_mismatch": _("이메일이나 비밀번호가 맞지 않아요."),
        "email_taken": _("이미 가입한 이메일이에요. 로그인하거나 비밀번호를 다시 정해 주세요."),
        "enter_current_password": _("지금 쓰는 비밀번호를 적어 주세요."),
        "incorrect_password": _("비밀번호가 맞지 않아요."),
        "invalid_password_reset": _("이미 쓴 링크이거나 기한이 지났어요. 메일을 다시 받아 주세요."),
        "rate_limited": _("너무 잦아요. 잠시 뒤에 다시 해 주세요."),
        "same_as_current": _("지금 쓰는 것과 달라야 해요."),
        "too_many_login_attempts": _("여러 번 틀렸어요. 5분쯤 뒤에 다시 해 주세요."),
        "unknown_email": _("가입하지 않은 이메일이에요."),
        "unverified_primary_email": _("로그인하는 이메일을 먼저 확인해 주세요."),
    }

    def save_user(
        self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True
    ) -> User:
        """Save who signs up; of two requests at once (a double click) the second goes to login."""
        # Hashes the password, which takes a tenth of a second: no transaction holds a lock yet.
        super().save_user(request, user, form, commit=False)
        if not commit:
            return user
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError as error:
            raise ImmediateHttpResponse(redirect("account_login")) from error
        return user

    def set_password(self, user: User, password: str) -> None:
        """Set a new password, which ends every token as it ends every other session."""
        super().set_password(user, password)
        tokens_revoke(owner=user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail in its reader's language, whatever the browser speaks that asked for it."""
        reader = context.get("user") or User.objects.filter(email=email).first()
        language = reader.language if reader else translation.get_language()
        zone = reader.zone if reader else timezone.get_current_timezone()
        try:
            with translation.override(language), timezone.override(zone):
                super().send_mail(template_prefix, email, context)
        except OSError as error:
            # A mail server that is away must not undo a sign-up, nor tell by an error page that
            # an address has an account. Its answer may quote the address: only its kind is kept.
            logger.error("mail %s not sent: %s", template_prefix, type(error).__name__)

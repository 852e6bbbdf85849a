"""Every address of the site."""

from django.urls import include, path, register_converter

from diary.consent import consent_update
from diary.converters import DateConverter, MonthConverter, YearConverter
from diary.erasure import account_erase, photos_erase
from diary.files import PhotoSmallView, PhotoView, PieceView

register_converter(DateConverter, "isodate")
register_converter(YearConverter, "year")
register_converter(MonthConverter, "month")

urlpatterns = [
    path("api/v1/", include("diary.api.urls")),
    path("photos/<uuid:public_id>/", PhotoView.as_view(), name="photo"),
    path("photos/<uuid:public_id>/small/", PhotoSmallView.as_view(), name="photo_small"),
    path("pieces/<int:song_id>/", PieceView.as_view(), name="piece"),
    path("accounts/consent/", consent_update, name="consent_update"),
    path("accounts/photos/erase/", photos_erase, name="photos_erase"),
    path("accounts/erase/", account_erase, name="account_erase"),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("diary.urls")),
]

"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path, register_converter
from django.views.i18n import set_language

from diary import views, views_month, views_trends
from diary.converters import DateConverter

register_converter(DateConverter, "day")

urlpatterns = [
    path("", views.home, name="home"),
    path("today/", views.today, name="today"),
    path("day/<day:date>/", views.day, name="day"),
    path("day/<day:date>/card/", views.entry_card, name="entry_card"),
    path("day/<day:date>/photo/", views.entry_upload, name="entry_upload"),
    path("day/<day:date>/write/", views.entry_write, name="entry_write"),
    path("day/<day:date>/face/", views.entry_face, name="entry_face"),
    path("day/<day:date>/again/", views.entry_again, name="entry_again"),
    path("day/<day:date>/delete/", views.entry_delete, name="entry_delete"),
    path("month/<int:year>/<int:month>/", views_month.month, name="month"),
    path("trends/", views_trends.trends, name="trends"),
    path("language/", set_language, name="set_language"),
]

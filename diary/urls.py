"""Addresses of the pages; the converters of their parts are registered in `config.urls`."""

from django.urls import path
from django.views.i18n import set_language

from diary import views, views_month, views_reminder, views_search, views_trends, views_year

urlpatterns = [
    path("", views.home, name="home"),
    path("today/", views.today, name="today"),
    path("day/<isodate:date>/", views.day, name="day"),
    path("day/<isodate:date>/card/", views.entry_card, name="entry_card"),
    path("day/<isodate:date>/photo/", views.entry_upload, name="entry_upload"),
    path("day/<isodate:date>/write/", views.entry_write, name="entry_write"),
    path("day/<isodate:date>/face/", views.entry_face, name="entry_face"),
    path("day/<isodate:date>/again/", views.entry_again, name="entry_again"),
    path("day/<isodate:date>/delete/", views.entry_delete, name="entry_delete"),
    path("month/<year:year>/<month:month>/", views_month.month, name="month"),
    path("year/<year:year>/", views_year.year, name="year"),
    path("search/", views_search.search, name="search"),
    path("trends/", views_trends.trends, name="trends"),
    path("reminder/stop/<str:token>/", views_reminder.reminder_stop, name="reminder_stop"),
    path("language/", set_language, name="set_language"),
]

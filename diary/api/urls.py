from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from accounts.api import AccountCreateView, TokenView
from diary.api import views

urlpatterns = [
    path("accounts/", AccountCreateView.as_view(), name="api_accounts"),
    path("accounts/me/", views.AccountView.as_view(), name="api_account"),
    path("token/", TokenView.as_view(), name="api_token"),
    path("entries/", views.EntryListView.as_view(), name="api_entries"),
    path("entries/<isodate:date>/", views.EntryView.as_view(), name="api_entry"),
    path("calendar/<year:year>/<month:month>/", views.CalendarView.as_view(), name="api_calendar"),
    path("year/<year:year>/", views.YearView.as_view(), name="api_year"),
    path("search/", views.SearchView.as_view(), name="api_search"),
    path("streak/", views.StreakView.as_view(), name="api_streak"),
    path("trends/", views.TrendsView.as_view(), name="api_trends"),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
]

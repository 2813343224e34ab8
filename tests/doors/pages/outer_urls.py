"""The site's addresses where a login service is named."""

from daliz.config.urls import urlpatterns as site
from daliz.doors.pages.urls import outer_login

urlpatterns = [*outer_login, *site]

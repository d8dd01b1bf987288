"""The addresses of accounts: signing in, one's own account, the people, the register of bodies."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from accounts.views import account, factor, people, register, signing_in

app_name = "accounts"

urlpatterns: list[URLPattern | URLResolver] = [
    # /login/ and /logout/
    path("login/", signing_in.login, name="login"),
    path("logout/", signing_in.logout, name="logout"),
    # /account/: one's own
    path("account/", account.show, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/sessions/end/", account.end_others, name="end-others"),
    path("account/sessions/<int:pk>/end/", account.end_one, name="end-session"),
    path("account/tokens/", account.tokens, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", account.revoke, name="revoke-token"),
    path("account/factor/", factor.verify, name="factor"),
    path("account/factor/enrol/", factor.enrol, name="factor-enrol"),
    # /people/: for the administrators
    path("people/", people.index, name="people"),
    path("people/new/", people.create, name="person-new"),
    path("people/appointments/", people.appointments, name="appointments"),
    path("people/appointments/<int:pk>/", people.decide, name="decide"),
    path("people/posts/<int:pk>/end/", people.end, name="post-end"),
    path("people/<str:username>/", people.show, name="person"),
    path("people/<str:username>/appoint/", people.propose, name="propose"),
    path("people/<str:username>/<slug:act>/", people.act, name="person-act"),
    # /organisations/: public
    path("organisations/", register.index, name="organisations"),
    path("organisations/<str:code>/", register.show, name="organisation"),
]

#: The identity provider's addresses have no namespace: the library reverses them by their bare names.
identity_urlpatterns: list[URLPattern | URLResolver] = (
    [path("oidc/", include("mozilla_django_oidc.urls"))] if settings.OIDC_RP_CLIENT_ID else []
)

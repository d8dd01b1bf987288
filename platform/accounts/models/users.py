"""People who can sign in, and what is remembered of their passwords."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    use_in_migrations = False

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Write one account without any right; without a password nobody can sign in to it by password."""
        fields["email"] = self.normalize_email(fields.get("email", ""))
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, *args: Any, **fields: Any) -> NoReturn:
        """There is no account above the posts, so this always refuses."""
        raise TypeError("本平台没有超级用户。首批三类管理员用 manage.py first_admins 建立。")


class User(AbstractUser):
    """A person who can sign in. What the person may do comes from posts and nothing else.

    `is_staff` and `is_superuser` are no columns: no row can give a right that no post gives (等保三级 8.1.4.2).
    """

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    is_staff = None  # type: ignore[assignment]
    is_superuser = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    identity_subject = models.CharField(
        _("统一身份标识"), max_length=255, blank=True, help_text=_("城市统一身份认证系统中的用户标识")
    )
    real_name_verified_at = models.DateTimeField(_("实名核验时间"), null=True, blank=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    password_changed_at = models.DateTimeField(_("密码更改时间"), null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    REQUIRED_FIELDS = ["email", "name"]

    @property
    def identified(self) -> bool:
        """Whether it is known who this is: by the city's identity system, or verified by hand."""
        return bool(self.identity_subject) or self.real_name_verified_at is not None

    class Meta:
        verbose_name = verbose_name_plural = _("用户")
        constraints = [
            models.UniqueConstraint(
                fields=["identity_subject"],
                condition=~models.Q(identity_subject=""),
                name="one_account_an_identity",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class PastPassword(models.Model):
    """The hash of a password once used, so that the last few are not used again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("历史密码")
        indexes = [models.Index(fields=["user", "-set_at"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.set_at:%Y-%m-%d}"

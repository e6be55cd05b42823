"""A short run with the asynchronous client."""

from __future__ import annotations

import asyncio

from cryptography.fernet import Fernet
from workos import AsyncWorkOSClient, BadRequestError
from workos._errors import EmailVerificationRequiredError
from workos.session import seal_session_from_auth_response
from workos.user_management import PasswordPlaintext
from world import PASSWORD, World, raises

from version_10 import ADA


def check_async_client(world: World) -> None:
    asyncio.run(run(world))


async def run(world: World) -> None:
    client = AsyncWorkOSClient(api_key=world.api_key, client_id=world.client_id, base_url=world.url)
    users = client.user_management
    user = await users.create_user(email=ADA, password=PasswordPlaintext(PASSWORD), email_verified=False)
    with raises(EmailVerificationRequiredError) as step:
        await users.authenticate_with_password(email=ADA, password=PASSWORD)
    answer = await users.authenticate_with_email_verification(
        code=world.message(ADA, "email_verification")["code"],
        pending_authentication_token=step.error.pending_authentication_token,
    )
    cookie_password = Fernet.generate_key().decode()
    sealed = seal_session_from_auth_response(
        access_token=answer.access_token,
        refresh_token=answer.refresh_token,
        user=answer.user.to_dict(),
        cookie_password=cookie_password,
    )
    session = users.load_sealed_session(session_data=sealed, cookie_password=cookie_password)
    authenticated = session.authenticate()
    assert authenticated.user["id"] == user.id
    assert (await session.refresh()).session_id == authenticated.session_id

    for number in range(11):
        await users.create_user(email=f"user-{number}@example.com")
    page = await users.list_users(limit=5)
    assert len([found async for found in page.auto_paging_iter()]) == 12

    await users.revoke_session(session_id=authenticated.session_id)
    with raises(BadRequestError) as refusal:
        await users.authenticate_with_refresh_token(refresh_token=answer.refresh_token)
    assert refusal.error.error == "invalid_grant"
    await users.delete_user(user.id)
    await client.close()

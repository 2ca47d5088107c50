"""What somebody writes who has nothing but `/api/openapi.json`, and what openapi-python-client makes of it: `meldesync_client`, which
`generated-clients.test.ts` makes anew before it runs this."""

import io
import json
import os
import time
import uuid

from meldesync_client import AuthenticatedClient, Client
from meldesync_client.api.account import get_me
from meldesync_client.api.imports import get_import, upload_imports
from meldesync_client.api.locks import end_lock, renew_lock, take_lock
from meldesync_client.api.records import edit_record, get_record, list_records
from meldesync_client.api.sign_in import sign_in
from meldesync_client.models import LockRequest, RecordPatch, SignInBody, SignInMeldesyncSessionKind, UploadImportsBody
from meldesync_client.types import File

URL = os.environ["MELDESYNC_URL"]


def signed_in(user: str) -> AuthenticatedClient:
    email, password = user.split(" ")
    answer = sign_in.sync_detailed(
        client=Client(base_url=URL),
        body=SignInBody(email=email, password=password),
        meldesync_session_kind=SignInMeldesyncSessionKind.TERMINAL,
    )
    assert answer.status_code == 200, answer.content
    return AuthenticatedClient(base_url=URL, token=answer.headers["set-auth-token"])


client = signed_in(os.environ["MELDESYNC_USER"])
colleague = signed_in(os.environ["MELDESYNC_COLLEAGUE"])
workspace = get_me.sync(client=client).workspaces[0].id

# Pages.
records = []
after = 0
while after is not None:
    page = list_records.sync(workspace, client=client, after=after, limit=4)
    records += page.records
    after = page.next_
record = records[0].id

# One field: what is not named stays.
before = get_record.sync_detailed(workspace, record, client=client)
key = str(uuid.uuid4())


def edit():
    return edit_record.sync_detailed(
        workspace,
        record,
        client=client,
        body=RecordPatch(note="von einem erzeugten Client"),
        if_match=before.headers["etag"],
        idempotency_key=key,
    )


edited = edit()
assert edited.parsed.note == "von einem erzeugten Client", edited.content
assert edited.parsed.case_id == before.parsed.case_id
assert edited.parsed.updated_at.tzinfo is not None

# Somebody else writes; the same request again has its first answer, and an edit on it is a conflict.
theirs = edit_record.sync_detailed(
    workspace, record, client=colleague, body=RecordPatch(note="von jemand anderem"), if_match=edited.headers["etag"]
)
assert theirs.status_code == 200, theirs.content
again = edit()
assert again.content == edited.content
assert again.headers["etag"] == edited.headers["etag"]
late = edit_record.sync_detailed(
    workspace, record, client=client, body=RecordPatch(done=False), if_match=edited.headers["etag"]
)
assert late.parsed.code == "version-conflict", late.content

# A lock.
lock = take_lock.sync(workspace, client=client, body=LockRequest(records=[record]))
assert lock.versions[0].record == record
assert renew_lock.sync(workspace, lock.lock, client=client).lock == lock.lock
refused = take_lock.sync(workspace, client=colleague, body=LockRequest(records=[record]))
assert refused.code == "record-locked"
assert end_lock.sync_detailed(workspace, lock.lock, client=client).status_code == 204

# An import, sent twice.
import_key = str(uuid.uuid4())


def upload():
    content = io.BytesIO(os.environ["MELDESYNC_FILE"].encode())
    body = UploadImportsBody(file=[File(payload=content, file_name="tag.csv", mime_type="text/csv")])
    return upload_imports.sync_detailed(workspace, client=client, body=body, idempotency_key=import_key)


taken = upload()
assert taken.status_code == 202, taken.content
assert upload().content == taken.content
imported = taken.parsed.imports[0]
while imported.status in ("queued", "running"):
    time.sleep(0.2)
    imported = get_import.sync(workspace, imported.id, client=client)

print(json.dumps({"records": len(records), "status": str(imported.status)}))

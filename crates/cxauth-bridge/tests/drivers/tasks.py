"""A driver with asyncio: a flight is a task of its own, so that no caller's end is its end."""

import asyncio
from http.client import HTTPException, parse_headers
from io import BytesIO
from urllib.parse import urlsplit

from common import Talk, read_secret
from cxauth import AuthError
from cxauth._native import AcquiredKind, FailureKind, StepKind, max_answer_bytes


class Driver:
    def __init__(self, talk):
        self.talk = talk
        self.store = talk.store
        self.session = talk.session()
        self.flights = {}

    async def token(self, now):
        while True:
            acquired = self.session.acquire(now)
            flight = acquired.flight()
            match acquired.kind():
                case AcquiredKind.Lead:
                    self.flights[flight] = asyncio.create_task(self.fly(now, flight))
                    await asyncio.shield(self.flights[flight])
                case AcquiredKind.Follow:
                    await asyncio.shield(self.flights[flight])
                case _:
                    return acquired.token()

    async def fly(self, now, flight):
        while (step := self.session.next(now, flight)).kind() != StepKind.Done:
            self.talk.at(f"before {step.kind()}")
            try:
                done, *result = await self.perform(step)
            except (OSError, EOFError, HTTPException):
                done, *result = self.session.done_failed, FailureKind.Interrupted
            self.talk.at(f"after {step.kind()}")
            done(now, flight, *result)

    async def perform(self, step):
        """Performs the step; returns what to tell the session."""
        match step.kind():
            case StepKind.Lock:
                await asyncio.to_thread(self.store.lock)
                return (self.session.done,)
            case StepKind.Load:
                return self.session.done_loaded, self.store.load()
            case StepKind.ReadSecret:
                return self.session.done_secret, read_secret(step)
            case StepKind.Send:
                return self.session.done_answer, *await send(step.request())
            case StepKind.Save:
                self.store.save(step.snapshot(), self.talk.at)
                return (self.session.done,)
            case StepKind.Unlock:
                self.store.unlock()
                return (self.session.done,)


async def send(request):
    url = urlsplit(request.url())
    body = request.body()
    fields = [*zip(request.header_names(), request.header_values())]
    fields += [("host", url.netloc), ("content-length", str(len(body))), ("connection", "close")]
    head = f"{request.method()} {url.path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    try:
        writer.write(head.encode() + b"\r\n" + body)
        head = BytesIO(await reader.readuntil(b"\r\n\r\n"))
        status = int(head.readline().split()[1])
        headers = parse_headers(head)
        body = await reader.readexactly(min(int(headers["content-length"]), max_answer_bytes() + 1))
        return status, [*headers.keys()], [*headers.values()], body
    finally:
        writer.close()


async def main():
    talk = Talk()
    driver = Driver(talk)
    callers = talk.setup["callers"]
    for now in talk.rounds():
        try:
            talk.answer(await asyncio.gather(*(driver.token(now) for _ in range(callers))))
        except AuthError as error:
            talk.answer_error(error)


asyncio.run(main())

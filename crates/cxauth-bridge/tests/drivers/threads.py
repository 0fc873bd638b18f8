"""A driver with threads: callers share one session, one of them leads, the others wait for its flight's end."""

import http.client
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from common import Talk, read_secret
from cxauth import AuthError
from cxauth._native import AcquiredKind, FailureKind, StepKind, max_answer_bytes


class Driver:
    def __init__(self, talk):
        self.talk = talk
        self.store = talk.store
        self.session = talk.session()
        self.ended = set()
        self.flight_ended = threading.Condition()

    def token(self, now):
        while True:
            acquired = self.session.acquire(now)
            match acquired.kind():
                case AcquiredKind.Lead:
                    self.fly(now, acquired.flight())
                case AcquiredKind.Follow:
                    with self.flight_ended:
                        self.flight_ended.wait_for(lambda: acquired.flight() in self.ended)
                case _:
                    return acquired.token()

    def fly(self, now, flight):
        while (step := self.session.next(now, flight)).kind() != StepKind.Done:
            self.talk.at(f"before {step.kind()}")
            try:
                done, *result = self.perform(step)
            except OSError:
                done, *result = self.session.done_failed, FailureKind.Interrupted
            self.talk.at(f"after {step.kind()}")
            done(now, flight, *result)
        with self.flight_ended:
            self.ended.add(flight)
            self.flight_ended.notify_all()

    def perform(self, step):
        """Performs the step; returns what to tell the session."""
        match step.kind():
            case StepKind.Lock:
                self.store.lock()
                return (self.session.done,)
            case StepKind.Load:
                return self.session.done_loaded, self.store.load()
            case StepKind.ReadSecret:
                return self.session.done_secret, read_secret(step)
            case StepKind.Send:
                return self.session.done_answer, *send(step.request())
            case StepKind.Save:
                self.store.save(step.snapshot(), self.talk.at)
                return (self.session.done,)
            case StepKind.Unlock:
                self.store.unlock()
                return (self.session.done,)


def send(request):
    url = urlsplit(request.url())
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
    try:
        headers = dict(zip(request.header_names(), request.header_values()))
        connection.request(request.method(), url.path, request.body(), headers)
        answer = connection.getresponse()
        body = answer.read(max_answer_bytes() + 1)
        return answer.status, [*answer.headers.keys()], [*answer.headers.values()], body
    finally:
        connection.close()


def main():
    talk = Talk()
    driver = Driver(talk)
    callers = talk.setup["callers"]
    with ThreadPoolExecutor(callers) as pool:
        for now in talk.rounds():
            try:
                talk.answer(pool.map(driver.token, [now] * callers))
            except AuthError as error:
                talk.answer_error(error)


main()

"""A branch as the clocks see it: zone and calendar. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from surveys.people.calendars import Calendar

LEAST_NOTICE = timedelta(minutes=30)
CALLING = (9, 20)  # hours in which a customer is called, branch time


@dataclass(frozen=True)
class Place:
    """A branch as the clocks see it."""

    time_zone: str
    calendar: Calendar

    def is_open(self, now: datetime) -> bool:
        """Whether the doors stand open at this moment."""
        local = now.astimezone(ZoneInfo(self.time_zone))
        hours = self.calendar.on(local.date())
        since_midnight = local.replace(tzinfo=None) - datetime.combine(local.date(), time())
        return hours is not None and hours[0] <= since_midnight < hours[1]

    def closing(self, day: date) -> datetime | None:
        """When the branch closes that day; None when it stays closed."""
        hours = self.calendar.on(day)
        return None if hours is None else datetime.combine(day, time(), ZoneInfo(self.time_zone)) + hours[1]

    def noon(self, day: date) -> datetime:
        """The middle of that day on the local clock."""
        return datetime.combine(day, time(12), ZoneInfo(self.time_zone))

    def end_of_working_day(self, now: datetime, *, after_today: bool = False) -> datetime:
        """Closing time today if half an hour of it is left, else of the next day that is open."""
        today = now.astimezone(ZoneInfo(self.time_zone)).date()
        for ahead in range(int(after_today), 30):
            closing = self.closing(today + timedelta(days=ahead))
            if closing is not None and closing - LEAST_NOTICE >= now:
                return closing
        return now + timedelta(days=1)

    def working_morning(self, now: datetime) -> datetime:
        """Noon of the next day that is open."""
        return self.noon(self.end_of_working_day(now, after_today=True).date())

    def opening_after(self, moment: datetime) -> datetime:
        """When the branch opens next on a later day than this one."""
        day = moment.astimezone(ZoneInfo(self.time_zone)).date()
        for ahead in range(1, 30):
            later = day + timedelta(days=ahead)
            hours = self.calendar.on(later)
            if hours is not None:
                return datetime.combine(later, time(), ZoneInfo(self.time_zone)) + hours[0]
        return moment + timedelta(days=1)

    def last_call_before(self, moment: datetime, *, now: datetime) -> datetime:
        """The moment itself, or the last minute before it at which anybody is called: midnight is no time to promise.

        The moment, too, when too little time is left until then.
        """
        local = moment.astimezone(ZoneInfo(self.time_zone))
        ends = CALLING[1]
        if _is_called(local):
            return moment
        evening = local.date() if local.hour >= ends else local.date() - timedelta(days=1)
        for back in range(7):
            day = evening - timedelta(days=back)
            last = datetime.combine(day, time(ends), ZoneInfo(self.time_zone))
            if last - LEAST_NOTICE < now:
                break
            if self.closing(day) is not None:
                return last.astimezone(moment.tzinfo)
        return moment

    def by_day(self, moment: datetime) -> datetime:
        """The moment itself, or noon of the working day that follows the night it falls into."""
        local = moment.astimezone(ZoneInfo(self.time_zone))
        if _is_called(local):
            return moment
        evening = local if local.hour >= CALLING[1] else local - timedelta(days=1)
        return self.noon(self.opening_after(evening).date())


def _is_called(local: datetime) -> bool:
    begins, ends = CALLING
    return time(begins) <= local.time() <= time(ends)

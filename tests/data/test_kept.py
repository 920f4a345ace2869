"""What was read stays as long as there is room; what was used longest ago goes first."""

from eco1.data.kept import Kept


def test_values_are_read_once_and_the_oldest_go_first():
    read: list[int] = []

    def value(number: int) -> bytes:
        def reading() -> bytes:
            read.append(number)
            return bytes([number]) * 100

        return kept.get(number, reading)

    kept: Kept[bytes] = Kept(250, len)
    for number in (0, 1, 0, 2, 0, 1):
        assert value(number) == bytes([number]) * 100
    assert read == [0, 1, 2, 1]  # 1 was used least recently when 2 came
    assert kept.size_bytes == 200


def test_a_value_larger_than_the_bound_is_given_but_not_kept():
    kept: Kept[bytes] = Kept(10, len)
    assert kept.get("large", lambda: bytes(11)) == bytes(11)
    assert kept.size_bytes == 0

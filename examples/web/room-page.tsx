import { useEffect, useState } from 'react';

interface Room {
  id: number;
  name: string;
  hourlyPrice: number | null;
}

interface Props {
  roomId: number;
  onBook: (room: Room, hours: number) => void;
}

export function RoomPage({ roomId, onBook }: Props) {
  const [room, setRoom] = useState<Room | null>(null);
  const [hours, setHours] = useState(1);

  useEffect(() => {
    fetch(`/rooms/${roomId}`)
      .then((answer) => answer.json())
      .then(setRoom);
  }, [roomId]);

  if (room == undefined) {
    return <p>Don't go away, the room is coming ...</p>;
  }
  return (
    <section>
      <h1>{room.name}</h1>
      {/* FIXME: the price is wrong on holidays */}
      <p>{(room.hourlyPrice ?? 0) * hours} € for {hours} hours</p>
      <input type="number" value={hours} onChange={(event: any) => setHours(event.target.valueAsNumber)} />
      <button disabled={hours != Math.round(hours)} onClick={() => onBook(room, hours)}>
        Book
      </button>
    </section>
  );
}

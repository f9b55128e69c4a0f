Console.WriteLine("llamaspec");
